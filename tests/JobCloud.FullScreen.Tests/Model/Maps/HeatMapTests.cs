using Google.Protobuf;
using JobCloud.Protocol.Api;
using JobCloud.Tui.FullScreen.Model.Maps;

namespace JobCloud.FullScreen.Tests.Model.Maps;

public sealed class HeatMapTests
{
    [Fact]
    public void Each_job_is_in_one_cell_that_names_it()
    {
        foreach (
            var (count, perCell, room) in new[]
            {
                (5_000, 1, 10_000),
                (5_000, 1, 700),
                (999, 7, 20),
            }
        )
        {
            var heat = HeatMap.Of(Reply(11, count, perCell), width: room / 10, lines: 10);
            Assert.True(heat.Count <= room && heat.Lines <= 10);
            for (var jid = 11L; jid < 11 + count; jid++)
            {
                var (first, last) = heat.JobsOf(heat.CellOf(jid));
                Assert.InRange(jid, first, last);
            }
            Assert.Equal(10 + count, heat.JobsOf(heat.Count - 1).Last);
        }
    }

    [Fact]
    public void A_failed_job_is_seen_however_many_jobs_a_cell_has()
    {
        var reply = Reply(1, 5_000, 1);
        var statuses = reply.Cells.Statuses.ToByteArray();
        statuses[4_320] = (byte)Status.Error;
        reply.Cells.Statuses = ByteString.CopyFrom(statuses);
        var heat = HeatMap.Of(reply, 10, 10);
        Assert.Equal(Status.Error, heat.Statuses[heat.CellOf(4_321)]);
        Assert.Single(heat.Statuses, status => status == Status.Error);
    }

    [Fact]
    public void Levels_grow_with_the_value_and_none_is_lost()
    {
        var reply = Reply(1, 8, 1);
        for (var i = 0; i < 8; i++)
            reply.Cells.RuntimesUs[i] = i * 100;
        var heat = HeatMap.Of(reply, 8, 1);
        var levels = Enumerable
            .Range(0, 8)
            .Select(i => heat.LevelOf(i, HeatMeasure.Runtime))
            .ToList();
        Assert.Equal(levels.Order(), levels);
        Assert.Equal((0, 1, HeatMap.Levels - 1), (levels[0], levels[1], levels[7]));
    }

    [Fact]
    public void Jids_are_restored_and_found_in_any_order()
    {
        var rows = new Dictionary<long, JobRow>();
        var jids = Elements.Jids(new MapReply { First = 5, Found = { 4, -3, 10 } });
        Assert.Equal([9L, 6, 16], jids);
        Assert.Equal(
            (1, null),
            (new Elements(jids, rows).PlaceOf(6), new Elements(jids, rows).PlaceOf(7))
        );
        long[] ascending = [5, 7, 9, 12];
        Assert.Equal(3, new Elements(ascending, rows).PlaceOf(12));
        Assert.Null(new Elements(ascending, rows).PlaceOf(8));
    }

    private static MapReply Reply(long first, int jobs, int perCell)
    {
        var cells = (jobs + perCell - 1) / perCell;
        return new MapReply
        {
            First = first,
            Last = first + jobs - 1,
            Cells = new MapCells
            {
                Jobs = perCell,
                Statuses = ByteString.CopyFrom([.. Enumerable.Repeat((byte)Status.Done, cells)]),
                RuntimesUs = { new long[cells] },
                MemoryBytes = { new long[cells] },
            },
        };
    }
}
