"""What a reader does on a page, and how it is answered: questions with their choices. The right one is found by running."""
