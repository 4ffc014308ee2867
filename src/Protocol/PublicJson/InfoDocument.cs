using System.Globalization;
using System.Text.Json;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Info;

namespace JobCloud.Protocol.PublicJson;

/// <summary>Writes the info of jobs as they arrive, so that only one job is in memory: an object
/// keyed by jid, whose values have the items of the catalogue.</summary>
/// <param name="json">It is flushed after each job.</param>
/// <param name="id">In an answer of a batch, the id of the request; null: a document of its
/// own.</param>
public sealed class InfoDocument(
    Utf8JsonWriter json,
    IReadOnlyList<InfoItem> items,
    JsonLiteral? id = null
)
{
    private bool _hasBegun;

    /// <param name="now">The current time in µs.</param>
    public void Add(JobDetail job, long now)
    {
        Begin();
        json.WritePropertyName(job.Jid.ToString(CultureInfo.InvariantCulture));
        InfoJson.Write(json, items, job, now);
        json.Flush();
    }

    public void Complete()
    {
        Begin();
        json.WriteEndObject();
        if (id is not null)
            json.WriteEndObject();
        json.Flush();
    }

    /// <summary>Nothing is written for a refused request.</summary>
    private void Begin()
    {
        if (_hasBegun)
            return;
        _hasBegun = true;
        json.WriteStartObject();
        if (id is null)
        {
            json.WriteNumber("version"u8, PublicDocument.CurrentVersion);
            return;
        }
        json.WritePropertyName("id"u8);
        json.WriteRawValue(id.Utf8.Span);
        json.WriteStartObject("info"u8);
    }
}
