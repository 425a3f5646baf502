//! `meta.properties`: which cluster, node and directory this is. Not here: what to do about a foreign one.

use std::collections::BTreeMap;
use std::path::Path;

use bytes::Bytes;
use klamm_env::{Env, WallMillis};

use crate::atomic_file;
use crate::error::LogError;
use crate::name::Uuid;

const FILE: &str = "meta.properties";

/// The contents of a directory's `meta.properties`, version 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetaProperties {
    /// `cluster.id`.
    pub cluster_id: String,
    /// `node.id`.
    pub node_id: i32,
    /// `directory.id`.
    pub directory_id: Uuid,
}

impl MetaProperties {
    /// Reads a directory's file; `None` if there is none. Needs no lock.
    ///
    /// # Errors
    /// [`LogError::Malformed`] names key and allowed value; [`LogError::Storage`].
    pub async fn read(env: &Env, directory: &Path) -> Result<Option<Self>, LogError> {
        let path = directory.join(FILE);
        let Some(bytes) = atomic_file::read(env, &path).await.map_err(LogError::Storage)? else {
            return Ok(None);
        };
        let text = String::from_utf8_lossy(&bytes);
        Self::decode(&text).map(Some).map_err(|reason| LogError::Malformed { path, reason })
    }

    /// Writes a directory's file, durably; makes the directory if need be.
    ///
    /// # Errors
    /// [`LogError::Storage`].
    pub async fn write(&self, env: &Env, directory: &Path) -> Result<(), LogError> {
        atomic_file::create_directory(env, directory).await.map_err(LogError::Storage)?;
        let text = self.encode(env.wall());
        atomic_file::replace(env, &directory.join(FILE), Bytes::from(text)).await.map_err(LogError::Storage)
    }

    fn encode(&self, now: WallMillis) -> String {
        format!(
            "#\n#{}\ncluster.id={}\ndirectory.id={}\nnode.id={}\nversion=1\n",
            date(now),
            escape(&self.cluster_id),
            self.directory_id,
            self.node_id
        )
    }

    fn decode(text: &str) -> Result<Self, String> {
        let properties: BTreeMap<String, String> = text.lines().filter_map(property).collect();
        let value = |key: &str| properties.get(key).ok_or_else(|| format!("{key} is missing"));
        let version = value("version")?;
        if version != "1" {
            return Err(format!("version={version}: only version 1 is supported"));
        }
        let node_id = value("node.id")?;
        let directory_id = value("directory.id")?;
        Ok(Self {
            cluster_id: value("cluster.id")?.clone(),
            node_id: node_id
                .parse()
                .ok()
                .filter(|id| *id >= 0)
                .ok_or_else(|| format!("node.id={node_id}: a number from 0 to 2147483647 is expected"))?,
            directory_id: Uuid::parse(directory_id).ok_or_else(|| {
                format!("directory.id={directory_id}: 22 characters of base64url are expected")
            })?,
        })
    }
}

/// Key and value of one line of Java properties.
fn property(line: &str) -> Option<(String, String)> {
    let line = line.trim();
    if line.is_empty() || line.starts_with(['#', '!']) {
        return None;
    }
    let (key, value) = line.split_once(['=', ':'])?;
    Some((key.trim().to_owned(), unescape(value.trim())))
}

fn escape(value: &str) -> String {
    value.chars().fold(String::new(), |mut text, letter| {
        if matches!(letter, '\\' | '=' | ':' | '#' | '!') {
            text.push('\\');
        }
        text.push(letter);
        text
    })
}

fn unescape(value: &str) -> String {
    let mut letters = value.chars();
    let next = |letters: &mut std::str::Chars<'_>| match letters.next()? {
        '\\' => letters.next(),
        letter => Some(letter),
    };
    std::iter::from_fn(|| next(&mut letters)).collect()
}

/// The moment as Java prints it in UTC: `Thu Jan 01 00:00:00 UTC 1970`.
fn date(at: WallMillis) -> String {
    const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let seconds = at.0.div_euclid(1000);
    let days = seconds.div_euclid(86_400);
    let second = seconds.rem_euclid(86_400);
    let weekday = WEEKDAYS[usize::try_from(days.rem_euclid(7)).expect("0 to 6")];
    let leap = |year: i64| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let year_days = |year: i64| if leap(year) { 366 } else { 365 };
    // Whole cycles of 400 years first, so that no clock makes this long.
    let mut year = 1970 + days.div_euclid(146_097) * 400;
    let mut day = days.rem_euclid(146_097);
    while day >= year_days(year) {
        day -= year_days(year);
        year += 1;
    }
    let month_days = [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while day >= month_days[month] {
        day -= month_days[month];
        month += 1;
    }
    format!(
        "{weekday} {} {:02} {:02}:{:02}:{:02} UTC {year}",
        MONTHS[month],
        day + 1,
        second / 3600,
        second / 60 % 60,
        second % 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn properties() -> MetaProperties {
        MetaProperties { cluster_id: "a=b".to_owned(), node_id: 3, directory_id: Uuid::METADATA_TOPIC }
    }

    #[test]
    fn text_of_the_file() {
        insta::assert_snapshot!(properties().encode(WallMillis(1_700_000_000_123)), @r"
        #
        #Tue Nov 14 22:13:20 UTC 2023
        cluster.id=a\=b
        directory.id=AAAAAAAAAAAAAAAAAAAAAQ
        node.id=3
        version=1
        ");
    }

    #[test]
    fn what_was_written_is_read() {
        assert_eq!(MetaProperties::decode(&properties().encode(WallMillis(0))), Ok(properties()));
        let kafka =
            "#\n#Sun Nov 22\nnode.id=3\ndirectory.id=AAAAAAAAAAAAAAAAAAAAAQ\nversion=1\ncluster.id=a\\=b\n";
        assert_eq!(MetaProperties::decode(kafka), Ok(properties()));
    }

    #[test]
    fn a_bad_value_is_named() {
        let text = properties().encode(WallMillis(0));
        let check = |from: &str, to: &str, expected: &str| {
            let error = MetaProperties::decode(&text.replace(from, to)).expect_err("damaged");
            assert!(error.contains(expected), "{error}");
        };
        check("version=1", "version=0", "only version 1");
        check("node.id=3", "node.id=x", "node.id=x: a number");
        check("node.id=3\n", "", "node.id is missing");
        check("AAAAAAAAAAAAAAAAAAAAAQ", "short", "22 characters");
    }

    #[test]
    fn dates() {
        let check = |millis, expected| assert_eq!(date(WallMillis(millis)), expected);
        check(0, "Thu Jan 01 00:00:00 UTC 1970");
        check(951_782_400_000, "Tue Feb 29 00:00:00 UTC 2000");
        check(4_107_542_399_000, "Sun Feb 28 23:59:59 UTC 2100");
        check(-1, "Wed Dec 31 23:59:59 UTC 1969");
    }
}
