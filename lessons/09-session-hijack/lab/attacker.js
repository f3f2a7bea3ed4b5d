// You are Mallory. This program runs on your machine.
// Print what is in Ana's ledger. You do not know her password.
