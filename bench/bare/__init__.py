"""The reference: the phone's eight calls and nothing else. No sign-in, no scope, no history."""
