//! The overlay: both names of each error, and the names that query clients use.

use api_sqs::API;

#[test]
fn errors_have_both_names() {
    for (shape, code, status) in [
        ("QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", 400),
        ("QueueNameExists", "QueueAlreadyExists", 400),
        ("PurgeQueueInProgress", "AWS.SimpleQueueService.PurgeQueueInProgress", 403),
        ("InvalidAttributeName", "InvalidAttributeName", 400),
    ] {
        let error = API.error(shape).unwrap();
        assert_eq!((error.code, error.status, error.sender), (code, status, true));
        assert_eq!(API.error(code).unwrap().shape, shape);
    }
    assert!(API.query_compatible);
}

#[test]
fn query_names_are_those_of_old_clients() {
    let send = api_sqs::schema::SendMessageRequest.member("MessageAttributes").unwrap();
    assert_eq!(send.location_name, Some("MessageAttribute"));
    assert!(send.shape.flattened);
}
