export function grade(n: i32): string {
  switch (n) {
    case 1:
      return "one";
    case 4:
      return "four";
    default:
      return "many";
  }
}

export function never(text: string): string {
  const twice = text + text;
  return twice + "!";
}
