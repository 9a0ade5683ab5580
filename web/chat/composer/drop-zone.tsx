import { Upload } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { defineTexts } from '../../i18n/texts.js';
import { Icon } from '../../ui/icon.js';
import type { Uploads } from './uploads.js';

const t = defineTexts({ drop: 'Drop files here to send them' }, { drop: '拖放文件到此处发送' });

interface DropZoneProps {
  readonly uploads: Uploads;
  /** Whether files can be sent now. */
  readonly isOpen: boolean;
  readonly children: ComponentChildren;
}

/** Takes files that are dropped anywhere on the room. */
export function DropZone({ uploads, isOpen, children }: DropZoneProps) {
  const [isOver, setOver] = useState(false);
  const bringsFiles = ({ dataTransfer }: DragEvent) => isOpen && (dataTransfer?.types.includes('Files') ?? false);
  return (
    <div
      class="chat-main"
      onDragOver={(event) => {
        if (!bringsFiles(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={({ currentTarget, relatedTarget }) =>
        !(relatedTarget instanceof Node && currentTarget.contains(relatedTarget)) && setOver(false)
      }
      onDrop={(event) => {
        setOver(false);
        if (!bringsFiles(event)) return;
        event.preventDefault();
        uploads.add(event.dataTransfer?.files ?? []);
      }}
    >
      {children}
      {isOver && (
        <div class="drop-here">
          <Icon of={Upload} size={32} />
          {t('drop')}
        </div>
      )}
    </div>
  );
}
