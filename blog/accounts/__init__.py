"""The staff: who may sign in to the studio and what each may do. Readers have no account; they hold tokens in their mail."""
