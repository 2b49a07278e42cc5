"""Service quality: replies looked over while they are written, drafts from solved cases."""
