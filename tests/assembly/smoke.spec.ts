class P {
  a: i32 = 1;
  b: string = "x";
}
describe("as-pect", () => {
  it("compares by value", () => {
    expect(new P()).toStrictEqual(new P());
    expect("a" + "b").toBe("ab");
  });
});
