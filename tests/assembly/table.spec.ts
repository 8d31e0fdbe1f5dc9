import { Context } from "../../assembly/context/context";
import { beginCreation } from "../../assembly/context/new-context";
import { addContext, contextCount, findTarget, removeContext } from "../../assembly/context/table";

class Entry extends Context {}

function add(id: u32): Context {
  beginCreation(id, null);
  const context = new Entry();
  addContext(context);
  return context;
}

describe("the table of contexts", () => {
  it("finds what was added, and nothing else, through random additions and removals", () => {
    const alive = new Map<u32, Context>();
    let state: u32 = 12345;
    let wrong = 0;
    for (let round = 0; round < 20000; round++) {
      state = state * 1664525 + 1013904223;
      const id = ((state >> 8) % 300) * (round & 1 ? 1 : 8);
      if (alive.has(id)) {
        removeContext(id);
        alive.delete(id);
      } else alive.set(id, add(id));
      const probe = (state >> 16) % 2400;
      const expected = alive.has(probe) ? alive.get(probe) : null;
      if (findTarget(probe) !== expected) wrong++;
    }
    expect(wrong).toBe(0);
    expect(contextCount()).toBe(alive.size);
    const ids = alive.keys();
    for (let i = 0; i < ids.length; i++) removeContext(ids[i]);
    expect(contextCount()).toBe(0);
  });

  it("takes the removal of what is not there", () => {
    const before = contextCount();
    removeContext(4000000000);
    expect(contextCount()).toBe(before);
    expect(findTarget(4000000000)).toBeNull();
  });

  it("keeps thousands", () => {
    for (let id: u32 = 1; id <= 5000; id++) add(id);
    let missing = 0;
    for (let id: u32 = 1; id <= 5000; id++) if (findTarget(id)!.contextId != id) missing++;
    expect(missing).toBe(0);
    for (let id: u32 = 5000; id > 0; id--) removeContext(id);
    expect(contextCount()).toBe(0);
  });
});
