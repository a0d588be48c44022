"""Runs on the model's internet: a WebSocket client and gRPC calls through a balancer."""

import asyncio
import sys

import grpc
import websockets

name, plain, secure, authority = sys.argv[1:]


async def chat():
    async with websockets.connect(f"ws://{name}:{plain}/chat") as talk:
        for word in ["one", "two", "three"]:
            await talk.send(word)
            assert await talk.recv() == word
    print("WebSocket echoes")


asyncio.run(chat())
keys = grpc.ssl_channel_credentials(open(authority, "rb").read())
with grpc.secure_channel(f"{name}:{secure}", keys) as channel:
    call = channel.unary_unary("/exam/echo")
    assert call(b"hello", timeout=5) == b"hello"
    print("gRPC echoes")
    try:
        channel.unary_unary("/exam/fail")(b"x", timeout=5)
        raise SystemExit("a failed call succeeded")
    except grpc.RpcError as error:
        assert error.code() == grpc.StatusCode.NOT_FOUND, error
    print("gRPC trailers arrive")
