// Power failures, simulated (power_failure.cpp, what_survives.cpp), and the numbers that choose them.
import path from 'node:path';
import { buildFolder, run } from '../harness/demo.mjs';

const programs = path.join(buildFolder, 'tests', 'power');

/** The environment of a program whose changes in `folder` go onto `tape`. The power fails at change `failsAt` (0 = never). */
export function simulation({ folder, tape, failsAt = 0, without = '' }) {
  return {
    ...process.env,
    LD_PRELOAD: path.join(programs, 'libpower_failure.so'),
    // The simulator stands before the runtime of the address sanitizer, which it does not disturb.
    ASAN_OPTIONS: [process.env.ASAN_OPTIONS, 'verify_asan_link_order=0'].filter(Boolean).join(':'),
    POWER_FOLDER: folder,
    POWER_TAPE: tape,
    POWER_FAILS_AT: String(failsAt),
    POWER_WITHOUT: without,
  };
}

/** Writes what survives into the new folder `target`; without a seed everything does. Gives the counts of what_survives. */
export async function survive({ base, tape, target, seed = undefined, until = undefined }) {
  const args = [base, tape, target, ...(seed === undefined ? ['--all'] : ['--seed', String(seed)])];
  if (until !== undefined) args.push('--until', String(until));
  const { status, out, err } = await run(path.join(programs, 'what_survives'), args);
  if (status !== 0) throw new Error(err);
  return JSON.parse(out);
}

export const scribe = path.join(programs, 'scribe');

/** The seed of a test: fixed, or CHANCERY_SEED. It is printed. */
export function chooseSeed() {
  const seed = Number(process.env.CHANCERY_SEED ?? 1);
  console.log(`CHANCERY_SEED=${seed}`);
  return seed;
}

/** Numbers that look random and are the same for the same seed (a linear congruential generator of 2^32). */
export class Numbers {
  constructor(seed) {
    this.state = BigInt.asUintN(64, BigInt(seed) * 0x9E3779B97F4A7C15n + 1n);
  }

  /** Between `least` and `most`, both included. */
  between(least, most) {
    this.state = BigInt.asUintN(64, this.state * 6364136223846793005n + 1442695040888963407n);
    return least + Number((this.state >> 33n) % BigInt(most - least + 1));
  }

  /** As many small numbers as large ones: the logarithm is chosen. */
  ofAnySize(least, most) {
    const part = this.between(0, 1_000_000) / 1_000_000;
    return Math.round(least * (most / least) ** part);
  }
}
