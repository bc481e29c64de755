"""One pipelined conversation with a mail server: what is announced, whose text is out, and what each answer means. Opened by ``pipelining``.

On every connection at most one letter is in doubt: the next one's text is written only when the last one's answer has been read.
"""

from collections import deque
from time import monotonic

from newsletter.delivery.asking import CONFUSED, Aside, Asking, Step
from newsletter.delivery.commands import CannotBeWritten, Terms, chunked, dotted, envelope
from newsletter.delivery.dialling import CLOSED, Opened
from newsletter.delivery.packing import Load
from newsletter.delivery.replies import Reply
from newsletter.delivery.supplying import Supplier
from newsletter.delivery.verdicts import GARBAGE, NO_ANSWER, Answer, Phase

OFTEN = 5
"""So many connections may end where a letter is announced before that is held to be its own doing."""

_CHUNKED: tuple[Step, ...] = (Phase.SENDER, Phase.RECIPIENT)
_DOTTED: tuple[Step, ...] = (*_CHUNKED, Phase.DATA)
_UNEVENTFUL: frozenset[Step] = frozenset((*_CHUNKED, Aside.RESET, Aside.EMPTY_TEXT))
_GOOD: dict[Step, tuple[int, ...]] = {
    Phase.SENDER: (250,),
    Phase.RECIPIENT: (250, 251, 252),
    Phase.DATA: (354,),
}


class Conversation(Asking):
    """``_current`` is the letter whose text has begun and has no answer; ``_next`` is announced, and no byte of its text,
    which is ``_text``, is written."""

    uneventful = _UNEVENTFUL

    def __init__(
        self,
        opened: Opened,
        terms: Terms,
        supplier: Supplier,
        *,
        timeout: float,
        most: int,
        dropped: deque[Load],
    ) -> None:
        super().__init__(opened, timeout)
        self._terms, self._supplier, self._most, self._dropped = terms, supplier, most, dropped
        self._group = _CHUNKED if terms.chunking else _DOTTED
        self._unsaid: deque[tuple[Step, bytes]] = deque()
        self._current: Load | None = None
        self._next: Load | None = None
        self._text = b""
        self._refusal: Answer | None = None
        self._taken = 0
        self._usual, self._learnt = b"", b""
        """What the server says when all is well with a letter that was announced, as it said it last; ``_usual`` only while that is what
        may be expected."""
        self._is_used = self._is_finishing = False
        self._must_reset = self._is_data_open = self._is_doubtful = self._is_confused = False
        self.loop.call_soon(self.nudge)

    def data_received(self, data: bytes) -> None:
        """The usual round goes a short way: one letter was accepted, and all is well with the next. Anything else takes the long one."""
        usual = self._usual
        if usual and data.endswith(usual) and not self.is_over and not self.is_clogged:
            reply = data[: -len(usual)]
            if reply.startswith(b"250 ") and reply.find(b"\n") == len(reply) - 1:
                self._go_round(reply)
                return
        is_steady = self._is_steady()
        self._usual = b""
        super().data_received(data)
        if self._is_steady():
            reply, _, rest = data.partition(b"\n")
            if is_steady and rest.count(b"\n") == len(self._group):
                self._learnt = rest
            self._usual = self._learnt

    def _is_steady(self) -> bool:
        """One letter's text is out, the next is announced, and there is nothing else to it."""
        return (
            self._current is not None
            and self._next is not None
            and not self._next.until
            and len(self.awaited) == len(self._group) + 1
            and not (self.is_over or self._is_finishing or self._refusal or self._is_doubtful)
            and not (self._is_data_open or self._is_confused or self.replies.is_amid)
        )

    def _go_round(self, reply: bytes) -> None:
        current, begun, text = self._current, self._next, self._text
        assert current and begun
        self._current, self._next, self._text, self._usual = begun, None, b"", b""
        self.awaited.clear()
        self.awaited.append(Phase.END)
        self._supplier.accepted(current, str(reply[4:], "utf-8", "replace").strip(" \t\r\n"))
        self._supplier.begins(begun)
        out = [*self._written(text, begun)]
        self._announce(out)
        if self.is_over:
            return
        if self._next and not self._next.until:
            self._usual = self._learnt
        self.transport.writelines(out)
        self.wait()

    def nudge(self) -> None:
        if not (self.is_over or self._next):
            is_idle = not self.awaited
            self.move()
            if is_idle:
                self.wait()

    def finish(self) -> None:
        if self._is_finishing or self.is_over:
            return
        self._is_finishing, self._usual = True, b""
        load, self._next = self._next, None
        self._unsaid.clear()
        if load and self._refusal:
            self._supplier.answered(load, self._refusal)
        elif load:
            self._supplier.give_back(load)
        self.move()

    def hear(self, step: Step, reply: Reply) -> None:
        code = reply.code
        if step is Phase.END:
            self._end(reply)
        elif step in _GOOD:
            if code not in _GOOD[step]:
                self._refuse(step, reply)
            elif step is Phase.DATA:
                self._is_data_open = True
        elif step is Aside.QUIT or (step is Aside.RESET and code != 250):
            self.hang_up()
        if code in (421, GARBAGE) or self._is_confused:
            self.break_off(CLOSED)

    def move(self) -> None:
        """One write: the text that may go now, and the next letter's announcement behind it."""
        out: list[bytes] = []
        if self._next and not self.awaited and not self._unsaid:
            self._go_on_with(self._next, out)
        if not self._next and (self._terms.pipelining or not self.awaited):
            self._announce(out)
        if self._unsaid and not self.awaited:
            step, words = self._unsaid.popleft()
            self.awaited.append(step)
            out.append(words)
        if self.is_over:
            return
        if out:
            self.transport.writelines(out)
        elif not self._next and not self._current:
            self._part()

    def settle(self, words: str, code: int) -> None:
        current, self._current = self._current, None
        load, self._next = self._next, None
        if current:
            phase = Phase.BODY if self.is_clogged else Phase.END
            self._supplier.answered(current, Answer(phase, NO_ANSWER, words))
        if load:
            self._settle_announced(load, self._answer(words, code) if not current else None)

    def lost(self) -> None:
        self._supplier.lost(self)

    def _end(self, reply: Reply) -> None:
        load, self._current = self._current, None
        assert load
        code = reply.code
        if self.is_clogged or not (code == 250 or 400 <= code <= 599):
            # Before the text was out, or no answer to a text at all: the server and we are not at the same place.
            self._is_confused = True
            code = code if 400 <= code <= 599 else GARBAGE
        if code != 250 and self._terms.chunking:
            # What the server makes of a MAIL behind a refused BDAT nobody knows (RFC 3030, 2).
            self._must_reset = self._is_doubtful = True
        self._is_used = True
        self._supplier.answered(load, Answer(Phase.END, code, reply.text))

    def _refuse(self, step: Step, reply: Reply) -> None:
        self._must_reset = True
        self._unsaid.clear()
        self._is_confused = self._is_confused or reply.code < 400
        if not self._refusal and isinstance(step, Phase):
            self._refusal = Answer(step, reply.code, reply.text)

    def _go_on_with(self, load: Load, out: list[bytes]) -> None:
        """All that was asked about the next letter is answered: its text begins, or it has its refusal."""
        if self.replies.is_amid:
            self.break_off(CONFUSED, GARBAGE)
        elif load.is_late(monotonic()) and not self._refusal:
            # It was announced in time, and the server took its own: its slot is lost, and so is the connection, which awaits a text.
            self._next = None
            self._supplier.give_back(load)
            self.hang_up()
        elif self._refusal and self._is_doubtful:
            self._is_doubtful = False
            self._call(load, out)
        elif self._refusal:
            if self._is_data_open:
                out.append(b".\r\n")
                self.awaited.append(Aside.EMPTY_TEXT)
            self._next, self._is_used, self._is_data_open = None, True, False
            self._supplier.answered(load, self._refusal)
        else:
            self._current, self._next = load, None
            self._is_data_open = self._is_doubtful = False
            self.awaited.append(Phase.END)
            self._supplier.begins(load)
            text, self._text = self._text, b""
            out += self._written(text, load)

    def _written(self, text: bytes, load: Load) -> tuple[bytes, bytes]:
        """The text as it goes onto the wire."""
        return (chunked if self._terms.chunking else dotted)(text, load.parcel.tidy)

    def _announce(self, out: list[bytes]) -> None:
        while self._taken < self._most and not self._is_finishing and not self.is_over:
            load = self._supplier.take()
            if load is None:
                return
            if self._is_finishing or self.is_over:
                self._supplier.give_back(load)
                return
            try:
                self._call(load, out)
            except CannotBeWritten as cannot:
                self._supplier.answered(load, cannot.answer)
                continue
            except Exception as error:
                # Whatever is wrong with one letter, the connection has others to carry.
                words = f"could not be composed: {type(error).__name__}"
                self._supplier.answered(load, Answer(Phase.DATA, NO_ANSWER, words))
                continue
            self._taken += 1
            return

    def _call(self, load: Load, out: list[bytes]) -> None:
        text = load.parcel.message
        mail, rcpt = envelope(load.parcel, text, self._terms)
        self._next, self._text, self._refusal = load, text, None
        reset, self._must_reset = self._must_reset, False
        if not self._terms.pipelining:
            said = zip(self._group, (mail, rcpt, b"DATA\r\n"), strict=False)
            self._unsaid.extend([(Aside.RESET, b"RSET\r\n"), *said] if reset else said)
            return
        if reset:
            self.awaited.append(Aside.RESET)
            out.append(b"RSET\r\n")
        self.awaited.extend(self._group)
        out.append(mail + rcpt if self._terms.chunking else mail + rcpt + b"DATA\r\n")

    def _part(self) -> None:
        """Nothing is on its way; takes leave if that is wished or due."""
        if not self._is_finishing and self._taken < self._most:
            return
        if self._is_data_open or (self.awaited and self.awaited[0] in _GOOD):
            # A letter was given back behind its DATA: any further word would become its text.
            self.hang_up()
        elif not self.awaited:
            self._is_finishing = True
            self.quit()

    def _answer(self, words: str, code: int) -> Answer | None:
        """What the server's leaving says about the announced letter; None where it says nothing."""
        oldest = self.awaited[0] if self.awaited else None
        if self.by_wish or isinstance(oldest, Aside):
            return None
        if self._refusal and not self._is_doubtful:
            return self._refusal
        return Answer(oldest or self._group[-1], code, words)  # type: ignore[arg-type]

    def _settle_announced(self, load: Load, answer: Answer | None) -> None:
        """A server may end a connection between two letters; where it does so at the same letter time and again, that is its answer."""
        if answer and self._is_between(answer):
            self._dropped.append(load)
            if sum(one is load for one in self._dropped) < OFTEN:
                answer = None
        if answer:
            self._supplier.answered(load, answer)
        else:
            self._supplier.give_back(load)

    def _is_between(self, answer: Answer) -> bool:
        if answer.phase is Phase.SENDER:
            return self._is_used and not self.is_late and answer.code in (NO_ANSWER, 421)
        return answer.phase is self._group[-1] and not self.awaited and not self._refusal
