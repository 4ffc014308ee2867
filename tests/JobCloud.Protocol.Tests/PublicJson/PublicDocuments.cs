using System.Text;
using JobCloud.Protocol.PublicJson;

namespace JobCloud.Protocol.Tests.PublicJson;

/// <summary>THE table of examples: at least one of each document.</summary>
internal static class PublicDocuments
{
    public const long At = 1_795_959_845_123_456;

    /// <summary>The largest jid.</summary>
    public const long Huge = long.MaxValue;

    public static IReadOnlyList<(string Definition, Func<string> Json)> All { get; } =
    [
        Of(
            ErrorDocument.Of(
                new()
                {
                    Code = RefusalCode.UnknownJob,
                    Jid = 9,
                    Message = "There is no job 9.",
                }
            )
        ),
        Of(
            new ErrorDocument(
                new(null, "bad-end", "It failed.") { Stderr = "x\e[2J", Next = "See x." }
            )
        ),
        Of(new ErrorDocument(new(1, "busy", "Later.")).AnswerTo(new("[1, \"x\"]"u8.ToArray()))),
        Of(new EmptyDocument()),
        Of(new NameDocument("tex")),
        Of(new SubjectDocument("n3")),
        Of(FinishedDocument.Of(new() { Total = 3, Counts = { 0, 0, 0, 0, 2, 1 } })),
        Of(new StoppedNodeDocument("/home/ann/.jobcloud")),
        Of(new CompletionsDocument(["exec", "exec-shell"])),
        Of(new BlobDocument(new string('a', 64), 1 << 20)),
        .. JobExamples.All,
        .. CloudExamples.All,
    ];

    public static (string Definition, Func<string> Json) Of(PublicDocument document) =>
        (
            document.GetType().Name,
            () => Encoding.UTF8.GetString(DocumentWriter.Line(document)).TrimEnd('\n')
        );
}
