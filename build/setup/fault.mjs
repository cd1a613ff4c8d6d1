/** A fault whose message is a whole answer for the person at the terminal: it is printed without a stack. */
export class SetupFault extends Error {}

/**
 * Runs a program of `build/` to its exit status, and turns a fault into one plain message.
 * @param {() => Promise<number>} main
 * @param {number} [faultStatus]
 */
export async function runMain(main, faultStatus = 1) {
  try {
    process.exitCode = await main();
  } catch (error) {
    process.stderr.write(
      error instanceof SetupFault ? `\n${error.message}\n` : `${/** @type {Error} */ (error).stack}\n`,
    );
    process.exitCode = faultStatus;
  }
}
