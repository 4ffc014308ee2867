using JobCloud.Protocol.PublicJson;

namespace JobCloud.Protocol.Tests.PublicJson;

public sealed class ErrorKindsTests
{
    [Theory]
    [InlineData(RefusalCode.Usage, "usage", 2, 400)]
    [InlineData(RefusalCode.UnknownJob, "unknown-job", 3, 404)]
    [InlineData(RefusalCode.DeletedJob, "deleted-job", 3, 410)]
    [InlineData(RefusalCode.UnfinishedJob, "unfinished-job", 3, 409)]
    [InlineData(RefusalCode.NotAllowed, "not-allowed", 3, 403)]
    [InlineData(RefusalCode.TooLarge, "too-large", 3, 413)]
    [InlineData(RefusalCode.StoreUnavailable, "store-unavailable", 3, 503)]
    [InlineData(RefusalCode.Busy, "busy", 3, 429)]
    [InlineData(RefusalCode.Timeout, "timeout", 3, 504)]
    [InlineData(RefusalCode.NotFound, "not-found", 3, 404)]
    [InlineData(RefusalCode.Internal, "internal", 3, 500)]
    [InlineData(RefusalCode.NotSupported, "not-supported", 3, 501)]
    [InlineData(RefusalCode.Unspecified, "refused", 3, 500)]
    [InlineData((RefusalCode)999, "refused", 3, 500)]
    public void A_refusal_has_a_word_an_exit_code_and_a_status(
        RefusalCode refusal,
        string word,
        int exit,
        int http
    )
    {
        var kind = ErrorKinds.Of(refusal);
        Assert.Equal((word, exit, http), (kind.Code, kind.ExitCode, kind.HttpStatus));
    }

    [Fact]
    public void Every_refusal_has_one_row() =>
        Assert.Equal(
            Enum.GetValues<RefusalCode>().Except([RefusalCode.Unspecified]).Order(),
            ErrorKinds.All.Select(kind => kind.Refusal).Where(code => code != 0).Order()
        );

    [Fact]
    public void An_answer_that_says_when_to_ask_again_is_429_or_503_and_the_other_way_round() =>
        Assert.All(
            ErrorKinds.All,
            kind => Assert.Equal(kind.HttpStatus is 429 or 503, kind.RetryAfterSeconds > 0)
        );
}
