//! Looking for records by their time, in groups that the sidecar vouches for, or else through the time index.
//!
//! Not here: the time index (`time_index`); reading by offset (`read`).

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use klamm_env::File;
use klamm_records::{Batches, RecordBatch, Records, RecordsError};

use crate::error::LogError;
use crate::log::Log;
use crate::read::{Held, OffsetAndTimestamp};
use crate::scan::{Found, Placed, Scan, read_batch};
use crate::sidecar::Group;

impl Log {
    pub(crate) async fn find_max_timestamp(&self) -> Result<Option<OffsetAndTimestamp>, LogError> {
        let (holds, start) = self.holds();
        let mut best: Option<(i64, Held)> = None;
        for held in holds {
            let largest = if held.segment.base_offset < start {
                self.largest_from(&held, start).await?
            } else {
                self.largest(&held).await?
            };
            if best.as_ref().is_none_or(|(timestamp, _)| largest > *timestamp) {
                best = Some((largest, held));
            }
        }
        match best {
            Some((timestamp, held)) if timestamp >= 0 => self.find_in(&held, timestamp, start).await,
            _ => Ok(None),
        }
    }

    pub(crate) async fn find_timestamp(
        &self,
        timestamp: i64,
    ) -> Result<Option<OffsetAndTimestamp>, LogError> {
        let (holds, start) = self.holds();
        for held in holds {
            if self.largest(&held).await? < timestamp {
                continue;
            }
            if let Some(found) = self.find_in(&held, timestamp, start).await? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// The first record of a segment at `from` or beyond that is as late as `timestamp`.
    async fn find_in(
        &self,
        held: &Held,
        timestamp: i64,
        from: i64,
    ) -> Result<Option<OffsetAndTimestamp>, LogError> {
        let Some(groups) = self.covering(held).await? else {
            return self.find_in_uncovered(held, timestamp, from).await.map_err(LogError::Storage);
        };
        for group in groups.iter().filter(|it| it.last_offset >= from && it.max_timestamp >= timestamp) {
            for batch in self.batches_of(held, group).await? {
                if let Some(found) = self.find_in_batch(&batch, timestamp, from).map_err(LogError::Storage)? {
                    return Ok(Some(found));
                }
            }
        }
        Ok(None)
    }

    async fn find_in_uncovered(
        &self,
        held: &Held,
        timestamp: i64,
        from: i64,
    ) -> io::Result<Option<OffsetAndTimestamp>> {
        let segment = &held.segment;
        let at = segment.seek_time(self.env(), timestamp, from, held.end_offset).await?;
        let file = segment.file(self.env()).await?;
        let mut scan = Scan::new(file.clone(), at, segment.size());
        while let Found::Batch(placed) = scan.next_header().await? {
            if placed.header.max_timestamp < timestamp || placed.header.last_offset() < from {
                continue;
            }
            if let Some(found) = self.find_in_batch(&sound_batch(&file, &placed).await?, timestamp, from)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// The groups of a segment, if they hold all of it.
    async fn covering(&self, held: &Held) -> Result<Option<Vec<Group>>, LogError> {
        held.segment.load_sidecar(self.env()).await.map_err(LogError::Storage)?;
        if !held.active {
            self.keep_warm(held.segment.base_offset);
        }
        let size = held.segment.size();
        Ok(held.segment.with_sidecar(|sidecar| sidecar.covers(size).then(|| sidecar.groups().to_vec())))
    }

    /// The batches of a group, held against the sidecar.
    async fn batches_of(&self, held: &Held, group: &Group) -> Result<Vec<RecordBatch>, LogError> {
        let cuts = self.flushed().cuts;
        let read = held.segment.read_group(self.env(), group).await.map_err(LogError::Storage)?;
        let parse =
            |bytes: Bytes| Batches::new(bytes).map(|batch| batch.expect("the group was checked")).collect();
        read.map(parse)
            .map_err(|why| self.damaged(&held.segment, group.base_offset, group.last_offset, &why, cuts))
    }

    /// The largest time stamp of records at `from` or beyond, which lies within the segment.
    async fn largest_from(&self, held: &Held, from: i64) -> Result<i64, LogError> {
        let Some(groups) = self.covering(held).await? else {
            return self.largest_from_uncovered(held, from).await.map_err(LogError::Storage);
        };
        let mut largest = -1;
        for group in groups.iter().filter(|group| group.last_offset >= from) {
            if group.base_offset >= from {
                largest = largest.max(group.max_timestamp);
                continue;
            }
            for batch in self.batches_of(held, group).await? {
                largest = largest.max(self.largest_in_batch(&batch, from).map_err(LogError::Storage)?);
            }
        }
        Ok(largest)
    }

    async fn largest_from_uncovered(&self, held: &Held, from: i64) -> io::Result<i64> {
        let segment = &held.segment;
        let at =
            segment.find(self.env(), from, held.end_offset).await?.map_or(segment.size(), |placed| placed.at);
        let file = segment.file(self.env()).await?;
        let mut scan = Scan::new(file.clone(), at, segment.size());
        let mut largest = -1;
        while let Found::Batch(placed) = scan.next_header().await? {
            let of_batch = match placed.header.base_offset < from {
                true => self.largest_in_batch(&sound_batch(&file, &placed).await?, from)?,
                false => placed.header.max_timestamp,
            };
            largest = largest.max(of_batch);
        }
        if !held.active {
            self.keep_warm(segment.base_offset);
        }
        Ok(largest)
    }

    fn largest_in_batch(&self, batch: &RecordBatch, from: i64) -> io::Result<i64> {
        if batch.header().last_offset() < from {
            return Ok(-1);
        }
        let Some(records) = self.records_of(batch)? else {
            return Ok(batch.header().max_timestamp);
        };
        let mut largest = -1;
        for record in records {
            let record = record.map_err(io::Error::other)?;
            if record.offset >= from {
                largest = largest.max(record.timestamp);
            }
        }
        Ok(largest)
    }

    /// The records of a batch; `None` if they are more than may be decompressed now, as a batch can be that was taken when
    /// more was allowed.
    fn records_of(&self, batch: &RecordBatch) -> io::Result<Option<Records>> {
        let bytes_max = self.state().config.decompressed_bytes_max;
        match batch.records(bytes_max) {
            Ok(records) => Ok(Some(records)),
            Err(RecordsError::DecompressedTooLarge { .. }) => Ok(None),
            Err(error) => Err(io::Error::other(error)),
        }
    }

    /// The first record of a batch at `from` or beyond that is as late as `timestamp`. Where the records cannot be looked
    /// at it is the batch's first one, so that whoever reads from there misses nothing.
    fn find_in_batch(
        &self,
        batch: &RecordBatch,
        timestamp: i64,
        from: i64,
    ) -> io::Result<Option<OffsetAndTimestamp>> {
        let header = batch.header();
        if header.max_timestamp < timestamp || header.last_offset() < from {
            return Ok(None);
        }
        let leader_epoch = header.partition_leader_epoch;
        let Some(records) = self.records_of(batch)? else {
            let (offset, timestamp) = (header.base_offset.max(from), header.max_timestamp);
            return Ok(Some(OffsetAndTimestamp { timestamp, offset, leader_epoch }));
        };
        for record in records {
            let record = record.map_err(io::Error::other)?;
            if record.timestamp >= timestamp && record.offset >= from {
                let (offset, timestamp) = (record.offset, record.timestamp);
                return Ok(Some(OffsetAndTimestamp { timestamp, offset, leader_epoch }));
            }
        }
        Ok(None)
    }

    /// The largest time stamp of a segment.
    async fn largest(&self, held: &Held) -> Result<i64, LogError> {
        if let Some(groups) = self.covering(held).await? {
            return Ok(groups.iter().map(|group| group.max_timestamp).max().unwrap_or(-1));
        }
        let largest = held.segment.largest(self.env(), held.end_offset).await.map_err(LogError::Storage)?;
        if !held.active {
            self.keep_warm(held.segment.base_offset);
        }
        Ok(largest.timestamp)
    }
}

/// A batch whose own CRC is right.
async fn sound_batch(file: &Arc<dyn File>, placed: &Placed) -> io::Result<RecordBatch> {
    let batch = read_batch(file, placed).await?;
    batch.check_crc().map_err(io::Error::other)?;
    Ok(batch)
}
