using JobCloud.Protocol.Homes;

namespace JobCloud.Protocol.Tests.Homes;

public class OwnerOnlyTests
{
    private const uint Root = 0,
        Ada = 1000,
        Eve = 1001;

    [Theory]
    [InlineData("100600", Ada, Ada)]
    [InlineData("100644", Ada, Ada)]
    [InlineData("100644", Root, Ada)]
    [InlineData("40711", Root, Root)]
    [InlineData("40755", Ada, Ada)]
    public void A_path_that_only_its_owner_can_change_is_accepted(
        string mode,
        uint owner,
        uint self
    ) => Assert.Null(OwnerOnly.ErrorOf("/h", Convert.ToInt32(mode, 8), owner, self));

    [Theory]
    [InlineData("100666", "666")]
    [InlineData("100620", "620")]
    [InlineData("40777", "777")]
    [InlineData("41777", "777")]
    public void A_path_that_others_can_change_is_named_with_its_mode_and_the_remedy(
        string mode,
        string shown
    ) =>
        Assert.Equal(
            $"others can change /h (mode {shown}): run chmod go-w /h",
            OwnerOnly.ErrorOf("/h", Convert.ToInt32(mode, 8), Ada, Ada)
        );

    [Theory]
    [InlineData(Ada)]
    [InlineData(Root)]
    public void A_path_of_another_account_is_named_with_the_remedy(uint self) =>
        Assert.Equal(
            $"/h belongs to the account {Eve}, who can change it: run chown {self} /h",
            OwnerOnly.ErrorOf("/h", Convert.ToInt32("100600", 8), Eve, self)
        );

    [Fact]
    public void A_directory_where_nobody_can_replace_files_of_others_may_hold_the_settings()
    {
        const int Tmp = 0x43ff; // drwxrwxrwt
        Assert.Null(OwnerOnly.ErrorOf("/tmp", Tmp, Root, Ada, mayBeShared: true));
        Assert.NotNull(OwnerOnly.ErrorOf("/tmp", Tmp & ~0x200, Root, Ada, mayBeShared: true));
    }
}
