//! The conformance suite on turmoil, each case under several seeds.

use klamm_conformance::Capability::{BackPressure, Backlog, Buffers, Die, HalfClose, Kill, PowerLoss, Reset};
use klamm_conformance::{Capability, Skipped, run_all_hosted};
use klamm_env_turmoil::Turmoil;

#[test]
fn every_case_holds_on_turmoil() {
    let left_out = run_all_hosted::<Turmoil>(&[Kill, HalfClose, BackPressure, Backlog], |seed, case| {
        eprintln!("seed {seed}: {case}");
    });
    let skipped = |name, lacks: &[Capability]| Skipped { name, lacks: lacks.to_vec() };
    let expected = [
        skipped("stream::a_reset_is_an_error_to_the_peer", &[Reset]),
        skipped("stream::small_buffers_hold_the_writer_back_earlier", &[Buffers]),
        skipped("death::a_node_ends_itself", &[Die]),
        skipped("death::a_panic_ends_the_node", &[Die]),
        skipped("power::synced_bytes_with_a_synced_name_survive", &[PowerLoss]),
        skipped("power::one_barrier_covers_every_file_of_its_set", &[PowerLoss]),
        skipped("power::later_writes_do_not_harm_what_was_synced", &[PowerLoss]),
        skipped("power::a_name_without_sync_dir_is_whole_or_gone", &[PowerLoss]),
        skipped("power::a_synced_rename_survives", &[PowerLoss]),
        skipped("power::a_rename_that_was_not_synced_is_old_or_new", &[PowerLoss]),
        skipped("power::a_synced_removal_survives", &[PowerLoss]),
        skipped("power::a_synced_length_survives", &[PowerLoss]),
        skipped("power::locks_and_tasks_are_gone", &[PowerLoss]),
    ];
    assert_eq!(left_out, expected);
}
