"""From one match to edits of the user's text, in the file's own habits. Never searches."""
