"""Runs inside an instance: HTTP/1.1 and WebSocket on port 80, gRPC without encryption on 50051, an
echo of bytes on 7 (TCP) and of datagrams on 7 (UDP). Answers say who asked."""

import base64
import hashlib
import http.server
import socket
import socketserver
import sys
import threading

sys.path.insert(0, "/root/h2")
import h2.config
import h2.connection
import h2.events

MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Web(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.headers.get("Upgrade", "").lower() == "websocket":
            return self.echo()
        said = "%s %s %s" % (self.path, self.headers.get("X-Forwarded-Proto"), sys.argv[1])
        body = said.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def echo(self):
        key = self.headers["Sec-WebSocket-Key"].encode()
        accept = base64.b64encode(hashlib.sha1(key + MAGIC).digest()).decode()
        self.send_response_only(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", accept)
        self.end_headers()
        self.close_connection = True
        while True:
            head = self.rfile.read(2)
            if len(head) < 2 or head[0] & 15 == 8:
                return
            mask = self.rfile.read(4)
            data = self.rfile.read(head[1] & 127)
            plain = bytes(byte ^ mask[at % 4] for at, byte in enumerate(data))
            self.wfile.write(bytes([head[0], len(plain)]) + plain)

    def log_message(self, *words):
        pass


class Calls(socketserver.BaseRequestHandler):
    """Unary gRPC calls, answered with their own message and, for /exam/fail, with status 5."""

    def handle(self):
        config = h2.config.H2Configuration(client_side=False, header_encoding="utf-8")
        link = h2.connection.H2Connection(config=config)
        link.initiate_connection()
        self.request.sendall(link.data_to_send())
        paths, bodies = {}, {}
        while data := self.request.recv(65536):
            for event in link.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    paths[event.stream_id] = dict(event.headers)[":path"]
                    bodies[event.stream_id] = b""
                elif isinstance(event, h2.events.DataReceived):
                    bodies[event.stream_id] += event.data
                    link.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                elif isinstance(event, h2.events.StreamEnded):
                    self.answer(link, event.stream_id, paths, bodies)
            self.request.sendall(link.data_to_send())

    def answer(self, link, stream, paths, bodies):
        status = "5" if paths[stream] == "/exam/fail" else "0"
        if paths[stream] == "/AWS.ALB/healthcheck":
            status = "12"
        link.send_headers(stream, [(":status", "200"), ("content-type", "application/grpc")])
        if status == "0":
            link.send_data(stream, bodies[stream])
        link.send_headers(stream, [("grpc-status", status)], end_stream=True)


class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(65536):
            self.request.sendall(("%s " % self.client_address[0]).encode() + data)


def datagrams():
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    line.bind(("", 7))
    while True:
        data, who = line.recvfrom(65536)
        line.sendto(("%s " % who[0]).encode() + data, who)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


for serve in [
    http.server.ThreadingHTTPServer(("", 80), Web).serve_forever,
    Server(("", 50051), Calls).serve_forever,
    Server(("", 7), Echo).serve_forever,
]:
    threading.Thread(target=serve, daemon=True).start()
datagrams()
