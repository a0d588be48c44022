//! The table of contents.

mod console;
mod describe_instances;
mod key_pairs;
mod power;
mod run_instances;
mod status;

use region::{Operation, operations};

pub(crate) const OPERATIONS: &[Operation] = operations![
    CreateKeyPair => key_pairs::create_key_pair,
    DeleteKeyPair => key_pairs::delete_key_pair,
    DescribeInstanceStatus => status::describe_instance_status,
    DescribeInstances => describe_instances::describe_instances,
    DescribeKeyPairs => key_pairs::describe_key_pairs,
    GetConsoleOutput => console::get_console_output,
    GetPasswordData => console::get_password_data,
    ImportKeyPair => key_pairs::import_key_pair,
    RebootInstances => power::reboot_instances,
    RunInstances => run_instances::run_instances,
    StartInstances => power::start_instances,
    StopInstances => power::stop_instances,
    TerminateInstances => power::terminate_instances,
];
