//! The door in front of rooms that only echo.
