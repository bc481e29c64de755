"""What became of the mails: clicks, growth, sources. Counted in our own tables, without a third party and without a cookie."""
