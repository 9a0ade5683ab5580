import { Controller, Get, HttpStatus } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '../access/access.decorators.js';
import { Answer } from '../common/answer.decorator.js';
import { AppConfig } from '../config/app-config.js';
import { clientConfig } from '../config/client-config.js';
import { type ConfigView, configView } from '../protocol/views.js';

@ApiTags('service')
@Controller('config')
export class ConfigController {
  constructor(private readonly config: AppConfig) {}

  /** Limits and features of this installation. */
  @Get()
  @Public()
  @Answer(HttpStatus.OK, configView)
  get(): ConfigView {
    return clientConfig(this.config);
  }
}
