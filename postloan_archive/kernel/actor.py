"""Who acts, and what that person may see and do; decided in `access`."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The person or program behind one unit of work.

    Attributes:
        name: the user name, `cli` or `system`.
        user_id: the row of the user, None for programs.
        permissions: values of `access.permissions.Permission`.
        branch_ids: the branches whose loans are visible, descendants included; None means all.
        categories: the categories of paper that are visible (QZ YJ GL BQ ZH); None means all.
        request_id: ties the audit line to the log line and the page.
        origin: `web`, `cli`, `api`, `job` or `system`.
        address: network address of the caller, or an empty string.
        unlimited: a program of the operator on the machine itself; holds every permission.
    """

    name: str
    user_id: int | None = None
    display_name: str = ""
    permissions: frozenset[str] = field(default_factory=frozenset)
    branch_ids: frozenset[int] | None = field(default_factory=frozenset)
    categories: frozenset[str] | None = field(default_factory=frozenset)
    request_id: str = ""
    origin: str = "system"
    address: str = ""
    unlimited: bool = False

    @classmethod
    def program(cls, name: str, *, request_id: str = "") -> "Actor":
        """Return the actor of a command line (`cli`), a job (`job`) or the system itself."""
        return cls(
            name=name,
            origin=name,
            branch_ids=None,
            categories=None,
            request_id=request_id,
            unlimited=True,
        )

    def may(self, permission: str) -> bool:
        """Return whether the actor holds the permission."""
        return self.unlimited or permission in self.permissions

    def sees_branch(self, branch_id: int) -> bool:
        """Return whether loans of the branch are visible."""
        return self.branch_ids is None or branch_id in self.branch_ids

    def sees_category(self, category: str) -> bool:
        """Return whether papers of the category are visible."""
        return self.categories is None or category in self.categories
