"""Ringing a mail server up: what is told of one that is away, and of one that offers no encryption."""

import socket
import threading

from newsletter.doctor.dial import Telephone


def test_a_server_that_is_away_is_not_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as shut:
        port = shut.getsockname()[1]
    told = Telephone().call("127.0.0.1", port, False)
    assert not told.reached and told.fault


def test_a_server_without_starttls_is_reached_and_offers_none() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            line, _ = server.accept()
            with line:
                line.sendall(b"220 here\r\n")
                line.recv(200)
                line.sendall(b"250 here\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        told = Telephone().call("127.0.0.1", server.getsockname()[1], False)
        thread.join()
    assert told.reached and not told.offers_tls


def test_a_server_that_speaks_no_tls_where_it_should_is_told_of() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            line, _ = server.accept()
            with line:
                line.recv(2000)
                line.sendall(b"220 no TLS here\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        told = Telephone().call("127.0.0.1", server.getsockname()[1], True)
        thread.join()
    assert told.fault and not told.trusted
