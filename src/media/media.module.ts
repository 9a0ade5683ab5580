import { Global, Module } from '@nestjs/common';
import { ImageGate } from './image-gate.js';
import { Images } from './images.service.js';
import { Pictures } from './pictures.service.js';
import { Uploads } from './uploads.service.js';

/** Files that come in, and pictures made of them. */
@Global()
@Module({ providers: [ImageGate, Images, Pictures, Uploads], exports: [Images, Pictures, Uploads] })
export class MediaModule {}
