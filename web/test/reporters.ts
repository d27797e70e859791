/** Where a run of the tests writes its results: the terminal, and a JUnit file when `LEADLINE_JUNIT` names one. */
export function reporters() {
  const junit = process.env.LEADLINE_JUNIT;
  return junit ? { reporters: ["default", "junit"], outputFile: { junit } } : { reporters: ["default"] };
}
