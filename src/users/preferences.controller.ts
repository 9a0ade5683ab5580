import { Body, Controller, Get, HttpStatus, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentUser } from '../access/access.decorators.js';
import type { Principal } from '../access/principal.js';
import { Answer } from '../common/answer.decorator.js';
import { type PreferencesView, preferencesView } from '../protocol/views.js';
import { UpdatePreferencesDto } from './preferences.dto.js';
import { PreferencesService } from './preferences.service.js';

@ApiTags('users')
@Controller('preferences')
export class PreferencesController {
  constructor(private readonly preferences: PreferencesService) {}

  /** What the caller has chosen, with defaults for the rest. */
  @Get()
  @Access('account.use')
  @Answer(HttpStatus.OK, preferencesView)
  get(@CurrentUser() principal: Principal): Promise<PreferencesView> {
    return this.preferences.get(principal);
  }

  /** Chooses anew; what is left out stays. */
  @Patch()
  @Access('account.use')
  @Answer(HttpStatus.OK, preferencesView)
  update(@CurrentUser() principal: Principal, @Body() change: UpdatePreferencesDto): Promise<PreferencesView> {
    return this.preferences.update(principal, change);
  }
}
