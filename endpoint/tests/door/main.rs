//! The door in front of toy rooms: requests as data in, answers as data out.

mod ask;
mod constraints;
mod credentials;
mod guards;
mod protocols;
mod rooms;
mod routes;
