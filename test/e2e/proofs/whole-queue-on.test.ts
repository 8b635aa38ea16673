import { describeHistories } from './play-queue.ts';

describeHistories(1000, 1000);
