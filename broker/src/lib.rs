//! The broker's shell: listeners, dispatch, one handler file per API.
