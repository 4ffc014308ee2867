using System.Text.Json;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Info;

/// <summary>Writes info as JSON: dotted names nested, instants in ISO 8601 UTC, seconds as
/// numbers.</summary>
public static class InfoJson
{
    /// <summary>Writes one job's items as an object, with reasons for absent items under
    /// <c>absent</c> and for incomplete items under <c>partial</c>.</summary>
    public static void Write(
        Utf8JsonWriter json,
        IReadOnlyList<InfoItem> items,
        JobDetail job,
        long now
    )
    {
        var absent = new List<(string Name, string Why)>();
        var values = new List<(string Name, InfoValue Value)>();
        foreach (var item in items)
        {
            var value = item.Read(job, now);
            if (value is InfoValue.Absent missing)
                absent.Add((item.Name, missing.Why));
            else
                values.Add((item.Name, value));
        }
        var partial = items
            .Select(i => (i.Name, i.PartialReason(job)!))
            .Where(p => p.Item2 is not null);
        json.WriteStartObject();
        foreach (var group in values.GroupBy(v => v.Name.Split('.')[0]))
            WriteGroup(json, group.Key, [.. group]);
        WriteNotes(json, "absent", absent);
        WriteNotes(json, "partial", [.. partial]);
        json.WriteEndObject();
    }

    private static void WriteNotes(
        Utf8JsonWriter json,
        string key,
        IReadOnlyList<(string Name, string Why)> notes
    )
    {
        if (notes.Count == 0)
            return;
        json.WriteStartObject(key);
        foreach (var (name, why) in notes)
            json.WriteString(name, why);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, InfoValue value)
    {
        switch (value)
        {
            case InfoValue.Text text:
                json.WriteStringValue(text.Value);
                break;
            case InfoValue.Number number:
                json.WriteNumberValue(number.Value);
                break;
            case InfoValue.Bytes bytes:
                json.WriteNumberValue(bytes.Value);
                break;
            case InfoValue.Seconds seconds:
                json.WriteNumberValue(seconds.Value);
                break;
            case InfoValue.Instant instant:
                json.WriteStringValue(Instants.Print(instant.Micros, TimeSpan.Zero));
                break;
            case InfoValue.Flag flag:
                json.WriteBooleanValue(flag.Value);
                break;
            case InfoValue.List list:
                json.WriteStartArray();
                foreach (var element in list.Values)
                    Write(json, element);
                json.WriteEndArray();
                break;
            case InfoValue.Object o:
                json.WriteStartObject();
                foreach (var member in o.Members)
                {
                    json.WritePropertyName(member.Key);
                    Write(json, member.Value);
                }
                json.WriteEndObject();
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }

    private static void WriteGroup(
        Utf8JsonWriter json,
        string key,
        List<(string Name, InfoValue Value)> values
    )
    {
        json.WritePropertyName(key);
        if (values is [var (name, value)] && name == key)
        {
            Write(json, value);
            return;
        }
        json.WriteStartObject();
        foreach (var (dotted, member) in values)
        {
            json.WritePropertyName(dotted[(key.Length + 1)..]);
            Write(json, member);
        }
        json.WriteEndObject();
    }
}
