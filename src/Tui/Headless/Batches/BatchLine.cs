using JobCloud.Protocol.Access;
using JobCloud.Protocol.Info;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Batches;

/// <summary>One line of a batch: a request, or what is wrong with it.</summary>
/// <param name="Id">JSON that the answer repeats.</param>
internal sealed record BatchLine(byte[] Id)
{
    /// <summary>Null where <see cref="Trouble"/> is not.</summary>
    public CallRequest? Request { get; init; }
    public Trouble? Trouble { get; init; }

    /// <summary>The items that an answer to <c>info</c> shows.</summary>
    public InfoSelection? Items { get; init; }
}
