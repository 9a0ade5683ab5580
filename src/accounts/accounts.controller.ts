import { Body, Controller, Delete, Get, HttpCode, HttpStatus, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentUser } from '../access/access.decorators.js';
import type { Principal } from '../access/principal.js';
import { Answer, AnswersFile } from '../common/answer.decorator.js';
import { AccountDeletion } from './account-deletion.service.js';
import { AccountExport } from './account-export.service.js';
import { DeleteMeDto } from './accounts.dto.js';

const ZIP = { type: 'application/zip', disposition: 'attachment; filename="parley-export.zip"' };

@ApiTags('users')
@Controller('users/me')
export class AccountsController {
  constructor(
    private readonly deletion: AccountDeletion,
    private readonly exports: AccountExport,
  ) {}

  /** Deletes the caller's account for good; an account with a password asks for it again. */
  @Delete()
  @HttpCode(HttpStatus.NO_CONTENT)
  @Access('account.use')
  @Answer(HttpStatus.NO_CONTENT)
  delete(@CurrentUser() principal: Principal, @Body() { password }: DeleteMeDto): Promise<void> {
    return this.deletion.delete(principal, password);
  }

  /** Everything of the caller's own in one ZIP. */
  @Get('export')
  @Access('account.use')
  @AnswersFile('application/zip')
  async export(@CurrentUser() principal: Principal): Promise<StreamableFile> {
    return new StreamableFile(await this.exports.archive(principal), ZIP);
  }
}
