// What a killed process knew of read marks is not looked for.
import { LostMarks } from '../../../dist/src/messages/lost-marks.service.js';

LostMarks.prototype.onModuleInit = () => Promise.resolve();
