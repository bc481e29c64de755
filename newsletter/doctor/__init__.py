"""The deliverability doctor: looks at what the world sees of our mail (DNS, the mail server, our own headers) and says what to mend."""
