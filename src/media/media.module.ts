import { Global, Module } from '@nestjs/common';
import { Pictures } from './pictures.service.js';
import { Uploads } from './uploads.service.js';

/** Files that come in, and pictures made of them. */
@Global()
@Module({ providers: [Pictures, Uploads], exports: [Pictures, Uploads] })
export class MediaModule {}
