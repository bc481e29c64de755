"""The post office: how a digest goes out, and what is not promised.

Readers sign up by mail and confirm with a button (``subscribers``) for one or several lists (``lists``). Every list has one open
edition that fills itself with posts no edition of the list has carried yet; when its local hour strikes, and nobody holds it, one
transaction closes it and fixes its order (``editions``). Most readers get a letter about it in that same transaction; whoever chose
another hour, zone or day gets one at that moment, with what has gathered for them. Nobody gets a story twice, whatever they change.
From then on the ledger of letters decides what happens (``delivery``). What comes back by mail is read and judged (``returns``).

A letter is ``ready``; a sender takes it in hand, ``sending``, a fraction of a second before it speaks to the mail server, and
writes what the server answered: ``accepted`` (the server took responsibility; nobody can promise more), ``retry`` (asked to come
back later), ``refused`` (never to be tried again, with the server's words) or ``skipped`` (the reader left before the letter did).

Nobody can promise exactly one copy by SMTP: between the server's "250" and our reading it lies a moment that a crash can hit. So the
promise is: nothing is lost; a second copy goes out only for a letter whose text was on the wire, unanswered, when the sender died or
the line broke, at most one for each connection; and the copy bears the same Message-ID, by which most mail programs fold it away.
A sender's journal, which outlives it, tells such letters from those that were accepted and those that never left. The ones in doubt
are ``uncertain``: each is sent again, and the count of its doubts is kept with it. One that stays in doubt three times is left
``uncertain`` for an editor to see; the desk shows how many there are. Where the journal is out of reach, because the machine is, all
that the dead sender had in hand is in doubt: a few hundred letters at most.

When the server refuses *us* (a login, a block, a policy) no letter is used up: the relay pauses and says so on the desk, and the
administrators get a mail; no reader is taken off the list for it.
"""
