//! What every section sends its requests with.
//!
//! **Not here**: what is sent, and what of an answer is shown.

use std::time::Duration;

use klamm_protocol::Request;

use super::answer::Shown;
use super::connection::{ANSWER_WAIT, CLIENT_ID, Connection, NoAnswer, SILENCE_WAIT};
use super::table::Table;
use super::target::Target;

/// What of an answer is shown besides its error codes; nothing, if it is empty.
pub(super) type Note<R> = fn(&<R as Request>::Response, i16) -> String;

/// Version, input, and what makes the request of it.
pub(super) type Change<R> = (i16, &'static str, fn(&mut R));

/// The broker, and the rows that its answers go to.
pub(super) struct Probes<'a> {
    pub(super) target: &'a Target,
    table: &'a mut Table,
}

impl<'a> Probes<'a> {
    pub(super) fn new(target: &'a Target, table: &'a mut Table) -> Self {
        Self { target, table }
    }

    /// One row after the other: `base` at the row's version, changed as the row says.
    pub(super) fn each<R: Request>(&mut self, base: impl Fn(i16) -> R, note: Note<R>, rows: &[Change<R>])
    where
        R::Response: Shown,
    {
        for (version, input, change) in rows {
            let mut body = base(*version);
            change(&mut body);
            self.ask(*version, input, &body, note);
        }
    }

    /// One row, on a connection of its own.
    pub(super) fn ask<R: Request>(&mut self, version: i16, input: &str, body: &R, note: Note<R>)
    where
        R::Response: Shown,
    {
        self.ask_as(CLIENT_ID, version, input, body, note);
    }

    /// The same under another client id.
    pub(super) fn ask_as<R: Request>(
        &mut self,
        client_id: &str,
        version: i16,
        input: &str,
        body: &R,
        note: Note<R>,
    ) where
        R::Response: Shown,
    {
        let request = label::<R>(version);
        let wait = self.wait(&request, input);
        let answer = Connection::open(&self.target.bootstrap)
            .and_then(|mut connection| connection.call(client_id, body, version, wait));
        self.see(&request, input, shown::<R>(answer, version, note));
    }

    /// One row, on the controller's listener.
    pub(super) fn ask_controller<R: Request>(&mut self, version: i16, input: &str, body: &R, note: Note<R>)
    where
        R::Response: Shown,
    {
        let request = label::<R>(version);
        let Some(controller) = &self.target.controller else { return self.skip(&request, input) };
        let answer = Connection::open(controller)
            .and_then(|mut connection| connection.call(CLIENT_ID, body, version, ANSWER_WAIT));
        self.see(&request, input, shown::<R>(answer, version, note));
    }

    /// One row, on a connection that stays.
    pub(super) fn ask_on<R: Request>(
        &mut self,
        connection: &mut Connection,
        version: i16,
        input: &str,
        body: &R,
        note: Note<R>,
    ) where
        R::Response: Shown,
    {
        let answer = connection.call(CLIENT_ID, body, version, ANSWER_WAIT);
        self.see(&label::<R>(version), input, shown::<R>(answer, version, note));
    }

    /// How long to wait for what comes of a request.
    pub(super) fn wait(&self, request: &str, input: &str) -> Duration {
        if self.table.expects_silence(request, input) { SILENCE_WAIT } else { ANSWER_WAIT }
    }

    pub(super) fn see(&mut self, request: &str, input: &str, answer: String) {
        self.table.answered(request, input, answer);
    }

    /// Nothing can be sent for this row here.
    pub(super) fn skip(&mut self, request: &str, input: &str) {
        self.table.skipped(request, input);
    }
}

/// For [`Note`]: the error codes say it all.
pub(super) fn codes_alone<T>(_: &T, _: i16) -> String {
    String::new()
}

fn label<R: Request>(version: i16) -> String {
    format!("{} v{version}", R::NAME.trim_end_matches("Request"))
}

fn shown<R: Request>(answer: Result<R::Response, NoAnswer>, version: i16, note: Note<R>) -> String
where
    R::Response: Shown,
{
    match answer {
        Err(none) => none.to_string(),
        Ok(answer) => {
            let mut text = answer.outcome(version).to_string();
            let note = note(&answer, version);
            if !note.is_empty() {
                text += "; ";
                text += &note;
            }
            text
        }
    }
}
