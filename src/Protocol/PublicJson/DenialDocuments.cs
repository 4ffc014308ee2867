using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.PublicJson;

/// <summary>The deny list of certificates and nodes.</summary>
public sealed record DenialsDocument(IEnumerable<PublicDenial> Revoked) : PublicDocument
{
    public static DenialsDocument Of(DenialsReply reply) =>
        new(reply.Denials.Select(PublicDenial.Of));
}

/// <summary>What keeps a certificate, a node or a client out of the cloud.</summary>
/// <param name="Subject">The serial number of a certificate, or a name.</param>
/// <param name="State">revoked or lifted.</param>
/// <param name="Since">When it was made.</param>
/// <param name="By">Who made it.</param>
/// <param name="Reason">Why.</param>
/// <param name="Lifted">When it was lifted.</param>
/// <param name="LiftedBy">Who lifted it.</param>
public sealed record PublicDenial(
    string Subject,
    [property: Form(JsonForm.DenialState)] string State,
    [property: Form(JsonForm.Instant)] string? Since,
    string By,
    string? Reason,
    [property: Form(JsonForm.Instant)] string? Lifted,
    string? LiftedBy
)
{
    /// <summary>The states of a denial.</summary>
    public static IReadOnlyList<string> States { get; } = ["revoked", "lifted"];

    public static PublicDenial Of(Denial one) =>
        new(
            one.Subject,
            StateOf(one),
            PublicValues.Instant(one.Since),
            one.By,
            PublicValues.Text(one.Reason),
            PublicValues.Instant(one.Lifted),
            PublicValues.Text(one.LiftedBy)
        );

    public static string StateOf(Denial one) => States[one.Lifted == 0 ? 0 : 1];
}
