import { Status } from "../../assembly/abi/enums";
import { Headers } from "../../assembly/http/headers";
import { HttpRequest } from "../../assembly/http/message";
import { handle } from "../../assembly/memory/handle";
import { mark } from "../../assembly/memory/scratch";
import { lastStatus } from "../../assembly/runtime/status";
import { clearHost, failWith, hostCalls } from "./scripted";

export { hostAllocate } from "../../assembly/memory/host-values";

function headers(): Headers {
  return handle<HttpRequest>(0).headers;
}

describe("headers", () => {
  beforeEach(() => {
    failWith(-1);
    clearHost();
  });

  it("tell absent, empty and failed apart", () => {
    headers().set("x-empty", "");
    expect(headers().get("x-none")).toBeNull();
    expect(lastStatus()).toBe(Status.NotFound);
    expect(headers().get("x-empty")).toBe("");
    expect(lastStatus()).toBe(Status.Ok);
    failWith(Status.BadArgument);
    expect(headers().get("x-empty")).toBeNull();
    expect(lastStatus()).toBe(Status.BadArgument);
  });

  it("compare a start and a part of the first value", () => {
    headers().set("x-a", "größer than");
    headers().add("x-a", "other");
    headers().set("x-empty", "");
    expect(headers().startsWith("x-a", "grö")).toBe(true);
    expect(headers().startsWith("x-a", "größer than")).toBe(true);
    expect(headers().startsWith("x-a", "größer than ")).toBe(false);
    expect(headers().startsWith("x-a", "rö")).toBe(false);
    expect(headers().startsWith("x-a", "other")).toBe(false);
    expect(headers().includes("x-a", "than")).toBe(true);
    expect(headers().includes("x-a", "ößer t")).toBe(true);
    expect(headers().includes("x-a", "thane")).toBe(false);
    expect(headers().includes("x-a", "other")).toBe(false);
    for (let i = 0; i < 2; i++) {
      const name = i == 0 ? "x-a" : "x-empty";
      expect(headers().startsWith(name, "")).toBe(true);
      expect(headers().includes(name, "")).toBe(true);
    }
    expect(headers().startsWith("x-empty", "a")).toBe(false);
    expect(headers().includes("x-empty", "a")).toBe(false);
    expect(headers().startsWith("x-none", "")).toBe(false);
    expect(headers().includes("x-none", "")).toBe(false);
  });

  it("never trap, whatever status the host answers, and hand it on", () => {
    for (let status = 1; status < 20; status++) {
      headers().set("x-a", "1");
      failWith(status);
      expect(headers().get("x-a")).toBeNull();
      expect(<i32>lastStatus()).toBe(status);
      expect(headers().getBytes("x-a")).toBeNull();
      expect(<i32>lastStatus()).toBe(status);
      expect(headers().getAll("x-a").length).toBe(0);
      expect(<i32>lastStatus()).toBe(status);
      expect(headers().entries().length).toBe(0);
      expect(headers().has("x-a")).toBe(false);
      expect(headers().equals("x-a", "1")).toBe(false);
      expect(headers().startsWith("x-a", "")).toBe(false);
      expect(headers().includes("x-a", "")).toBe(false);
      expect(headers().byteLength).toBe(0);
      expect(<i32>headers().set("x-b", "1")).toBe(status);
      expect(<i32>headers().add("x-b", "1")).toBe(status);
      expect(<i32>headers().remove("x-b")).toBe(status);
      expect(<i32>headers().replaceAll([["x-b", "1"]])).toBe(status);
      failWith(-1);
    }
  });

  it("ask the host nothing for what is refused", () => {
    const before = hostCalls();
    expect(headers().set("x-a", "a\r\nb")).toBe(Status.BadArgument);
    expect(headers().add("x a", "b")).toBe(Status.BadArgument);
    expect(headers().add(":path", "/")).toBe(Status.BadArgument);
    expect(headers().remove(":path")).toBe(Status.BadArgument);
    expect(headers().remove("X-Forwarded-Proto")).toBe(Status.BadArgument);
    expect(headers().replaceAll([["x-a", "\u0000"]])).toBe(Status.BadArgument);
    expect(headers().replaceAll([["x-a"]])).toBe(Status.BadArgument);
    expect(hostCalls()).toBe(before);
  });

  it("keep their framing: content-length can be set to what it is, and to nothing else", () => {
    expect(headers().set("content-length", "5")).toBe(Status.BadArgument);
    expect(headers().get("content-length")).toBeNull();
  });

  it("leave no scratch memory behind", () => {
    const before = mark();
    const long = "x".repeat(20000);
    for (let i = 0; i < 20; i++) {
      headers().set("x-long", long);
      expect(headers().get("x-long")).toBe(long);
      expect(headers().getBytes("x-long")!.length).toBe(20000);
      expect(headers().entries().length).toBe(1);
      headers().replaceAll([["x-long", long]]);
      headers().set("x-bad", "\n");
    }
    expect(mark()).toBe(before);
  });
});
