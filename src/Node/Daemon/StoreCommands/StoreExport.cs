using System.Text.Json;
using JobCloud.Node.Daemon.Homes;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol.Info;
using JobCloud.Protocol.Jobs;

namespace JobCloud.Node.Daemon.StoreCommands;

/// <summary>Writes all jobs of a store, the first submitted first, one JSON object a line. Of a
/// deleted job it has what is kept.</summary>
internal sealed class StoreExport(NodeStore store)
{
    /// <exception cref="CannotStartException">A segment is damaged.</exception>
    public async Task WriteAsync(Stream output, long now, CancellationToken cancel)
    {
        var items = InfoCatalog.All.Where(static item => item.Need == InfoNeed.Core).ToList();
        var kept = items.Where(static item => item.Kept).ToList();
        await using var connection = await store.ConnectAsync(cancel);
        await using var json = new Utf8JsonWriter(output);
        foreach (var head in await new SegmentCatalog(store).ReadAsync(cancel))
        {
            var (segment, damage) = await SegmentFold.ReadAsync(connection, head.Segment, cancel);
            if (damage is not null)
                throw new CannotStartException(
                    $"Segment {head.Segment} cannot be read: {damage}; 'jobcloud store check' "
                        + "says what to do."
                );
            foreach (var slice in segment.Slices)
                for (var jid = slice.First; jid <= slice.Last; jid++)
                {
                    var job = JobViews.Detail(segment.Find(new(jid))!);
                    json.WriteStartObject();
                    json.WriteNumber("jid"u8, jid);
                    if (!job.Deleted)
                    {
                        json.WriteString("owner"u8, job.Owner);
                        json.WriteString("command"u8, job.Command);
                    }
                    json.WritePropertyName("info"u8);
                    InfoJson.Write(json, job.Deleted ? kept : items, job, now);
                    json.WriteEndObject();
                    await json.FlushAsync(cancel);
                    output.WriteByte((byte)'\n');
                    json.Reset();
                }
        }
    }
}
