"""Moving readers in from elsewhere: a file is checked first, shown with what would become of each line, and only then taken in."""
