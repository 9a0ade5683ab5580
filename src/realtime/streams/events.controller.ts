import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access } from '../../access/access.decorators.js';
import { AnswersFile } from '../../common/answer.decorator.js';
import { EventStreams } from './event-streams.service.js';
import { EventsQuery } from './streams.dto.js';

@ApiTags('sync')
@Controller('events')
export class EventsController {
  constructor(private readonly streams: EventStreams) {}

  /** The events of the socket as Server-Sent Events, for clients without WebSocket; does not end by itself. */
  @Get()
  @RouteConfig({ isEndless: true })
  @Access('socket.use')
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'The last `id` of an earlier stream: resumes there.',
  })
  @AnswersFile('text/event-stream')
  open(@Query() query: EventsQuery, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.streams.open(query, request, reply);
  }
}
