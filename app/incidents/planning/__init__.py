"""What past incidents teach: those like this one, how long they took, and what piles up."""
