/** Whether this is `npm run faults -- --full`: as many faults as it takes to be sure, where the short form samples. */
export const isFull = process.env.FAULTS_FULL === '1';
