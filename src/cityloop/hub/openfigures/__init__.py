"""What anybody may know: figures with minimum counts, matters nearby without persons."""
