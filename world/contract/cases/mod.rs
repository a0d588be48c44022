//! Every promise of a world, by name.

mod clock;
mod filters;
mod journal;
mod machines;
mod network;
mod nodes;
mod storage;
mod things;

use crate::Case;

macro_rules! cases {
    ($($module:ident :: { $($name:ident),+ $(,)? })+) => {
        /// Every case, by `module::name`, in a sensible order.
        pub const CASES: &[Case] =
            &[$($((concat!(stringify!($module), "::", stringify!($name)), $module::$name),)+)+];
    };
}

cases! {
    clock::{
        time_comes_when_nothing_else_does, the_past_is_not_waited_for, time_only_rises,
        skew_jumps_ahead, chance_varies,
    }
    journal::{
        synced_bytes_come_back, a_sync_covers_earlier_marks, a_replacement_is_whole,
        a_cut_drops_the_tail, a_slow_disk_syncs_late, a_full_disk_says_so,
    }
    things::{
        any_order_becomes_ready, the_same_again_is_silent, the_inventory_is_what_was_ensured,
        the_inventory_survives_a_restart, what_is_removed_is_gone, removal_in_any_order,
        removing_nothing_is_gone_too, an_id_can_live_again, changes_are_told_when_in_force,
    }
    storage::{
        a_disk_outlives_its_machine, a_snapshot_keeps_its_moment, a_disk_grows,
        who_writes_to_a_stalled_disk_waits, a_stalled_disk_keeps_no_machine_alive,
    }
    machines::{
        a_machine_waits_for_its_port, a_machine_waits_for_its_disk,
        a_killed_machine_stays_off, a_higher_boot_number_is_a_reboot, a_reboot_keeps_the_disk,
        a_new_card_is_no_reboot, the_first_boot_script_runs_once, a_dark_zone_and_a_healed_one,
        a_machine_that_was_off_stays_off_through_the_dark, a_machine_ordered_in_the_dark_waits,
        a_frozen_machine_thaws, a_restart_disturbs_no_machine,
    }
    network::{
        neighbours_and_other_segments, two_routers_with_one_block, no_route_no_way,
        the_longest_prefix_decides, local_is_always_local, the_internet_in_and_out,
        a_public_address_moves, public_addresses_meet, a_cut_between_zones,
    }
    nodes::{
        a_balancer_finds_its_targets, a_balancer_changes_where_it_stands,
        a_restart_hears_what_was_found, a_dark_zone_takes_its_balancer,
        a_balancer_speaks_in_its_clients_name, machines_tell_what_they_used,
    }
    filters::{
        everything_is_denied_by_default, a_rule_opens_a_port, rules_hold_on_the_way_out,
        a_group_may_be_named, a_revoked_rule_refuses, a_ladder_stands_between_segments,
        a_ladder_forgets, the_first_rung_decides, a_missing_filter_passes_nothing,
        a_guard_drops_forgeries,
    }
}
