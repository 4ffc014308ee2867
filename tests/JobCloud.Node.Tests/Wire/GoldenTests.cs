using Google.Protobuf;
using JobCloud.Node.Daemon.Wire;
using JobCloud.Protocol.Events;

namespace JobCloud.Node.Tests.Wire;

/// <summary>
/// Journals of every released version must load. Each .bin file is a row as written by its version;
/// the .json file beside it has its content. Add a file for a new kind of event; never change one.
/// </summary>
public sealed class GoldenTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Wire/Golden");

    public static TheoryData<string> Rows =>
        [
            .. Directory
                .GetFiles(Folder, "*.bin")
                .Select(path => Path.GetFileNameWithoutExtension(path)!),
        ];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Every_golden_row_reads_as_its_expected_content(string row)
    {
        var manifest = ManifestOf(row);
        var message = ProtocolSerializer.Read(File.ReadAllBytes($"{Folder}/{row}.bin"), manifest);
        var expected = JsonParser.Default.Parse(
            File.ReadAllText($"{Folder}/{row}.json"),
            message.Descriptor
        );
        Assert.Equal(expected, message);
        Assert.Empty(UnknownFieldsOf(message));
    }

    [Fact]
    public void Every_kind_of_event_has_a_golden_row()
    {
        var kinds = Directory
            .GetFiles(Folder, "*.bin")
            .Where(path =>
                ManifestOf(Path.GetFileNameWithoutExtension(path)) == "events.JobsChanged"
            )
            .SelectMany(path => JobsChanged.Parser.ParseFrom(File.ReadAllBytes(path)).Events)
            .Select(one => one.FactCase);
        var missing = Enum.GetValues<JobEvent.FactOneofCase>()
            .Except(kinds)
            // Only answers have a cut history; no journal does.
            .Except([JobEvent.FactOneofCase.None, JobEvent.FactOneofCase.HistoryCut]);
        Assert.Empty(missing);
    }

    private static string ManifestOf(string row) =>
        row switch
        {
            _ when row.StartsWith("range-leased") => "events.RangeLeased",
            _ when row.StartsWith("defined") => "events.Defined",
            _ when row.StartsWith("undefined") => "events.Undefined",
            _ => "events.JobsChanged",
        };

    /// <summary>JSON omits fields unknown to the schema, but binary keeps them: then the sizes
    /// differ.</summary>
    private static IEnumerable<string> UnknownFieldsOf(IMessage message)
    {
        var known = JsonParser.Default.Parse(message.ToString(), message.Descriptor);
        if (known.CalculateSize() != message.CalculateSize())
            yield return message.Descriptor.Name;
    }
}
