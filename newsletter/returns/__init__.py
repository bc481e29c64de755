"""What comes back: mails that bounced, readers who called one spam, what mail servers and providers report of them.

``reports`` reads a mail that came back, ``matching`` finds the letter it is about, ``receiving`` draws the consequences. It comes in
by a mailbox (``mailbox_imap``), our own ``listener``, providers' webhooks (``providers``), or was said at once (``refused``).
"""
