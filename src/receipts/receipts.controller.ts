import { Controller, Get, HttpStatus, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentUser } from '../access/access.decorators.js';
import type { Principal } from '../access/principal.js';
import { Answer } from '../common/answer.decorator.js';
import { type ReceiptsView, receiptsView } from '../protocol/views.js';
import { ReceiptsParams } from './receipts.dto.js';
import { ReceiptsService } from './receipts.service.js';

@ApiTags('messages')
@Controller()
export class ReceiptsController {
  constructor(private readonly receipts: ReceiptsService) {}

  /** Up to where the other members of a room have received and read, as far as they show it. */
  @Get('rooms/:id/receipts')
  @Access('message.read')
  @Answer(HttpStatus.OK, receiptsView)
  async list(@CurrentUser() principal: Principal, @Param() { id: roomId }: ReceiptsParams): Promise<ReceiptsView> {
    return { items: await this.receipts.list(principal, roomId) };
  }
}
