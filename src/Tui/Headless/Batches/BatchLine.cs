using JobCloud.Protocol.Access;
using JobCloud.Protocol.Info;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Batches;

/// <summary>One line of a batch: a request or an error.</summary>
/// <param name="Id">The JSON value that the answer repeats as its id.</param>
internal sealed record BatchLine(byte[] Id)
{
    /// <summary>Null if <see cref="Error"/> is set.</summary>
    public CallRequest? Request { get; init; }
    public CommandError? Error { get; init; }

    /// <summary>The items in the answer to <c>info</c>.</summary>
    public InfoSelection? Items { get; init; }
}
