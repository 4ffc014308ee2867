using JobCloud.Protocol.Http;

namespace JobCloud.Protocol.Tests.Http;

public sealed class ByteRangeTests
{
    [Theory]
    [InlineData("bytes=0-4", 0, 4L)]
    [InlineData("bytes=5-", 5, null)]
    [InlineData("bytes=-3", -3, null)]
    [InlineData("Bytes=7-7", 7, 7L)]
    public void One_range_is_parsed(string header, long first, long? last) =>
        Assert.Equal(new ByteRange(first, last), ByteRange.Parse(header));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("bytes=")]
    [InlineData("bytes=-")]
    [InlineData("bytes=-0")]
    [InlineData("bytes=4-2")]
    [InlineData("bytes=0-1,3-4")]
    [InlineData("bytes=+1-2")]
    [InlineData("bytes=99999999999999999999-")]
    [InlineData("lines=1-2")]
    [InlineData("bytes=a-b")]
    public void Anything_else_is_not_a_range(string? header) =>
        Assert.Null(ByteRange.Parse(header));
}
